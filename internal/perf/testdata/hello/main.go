// Command hello is what any Go program needs at the least.
package main

import "fmt"

func main() { fmt.Println("hello") }
