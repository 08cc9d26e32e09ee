package handler

var wayNames = [...]string{
	SetHandler: "SetHandler", AddHandler: "AddHandler", ProxyPass: "ProxyPass", ProxyPassMatch: "ProxyPassMatch", RewriteRule: "RewriteRule", NoHandler: "no handler",
}

// String returns the directive of the way.
func (w Way) String() string { return wayNames[w] }
