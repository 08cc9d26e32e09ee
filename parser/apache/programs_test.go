package apache

import "strings"

// programs are small configurations, for a real Apache and for this package.
var programs = []string{
	"UnsetEnv a \"b c\" \\\n d\n",
	"UnsetEnv a\\\\\n\nb\nUnsetEnv c",
	"<VirtualHost *:80> foo\n<Directory \"/x y\">\nUnsetEnv ${KNOWN} ${NOT}\n</Directory> x\n</VirtualHost>\n",
	"<VirtualHost *:80>\n<Directory /x>\n",
	"<VirtualHost *:80>\n<Directory /x>\n</VirtualHost>\n",
	"</Directory>\n",
	"<Directory /x>\n</Directory foo>\n",
	"<Directory /x>\n</Directory",
	"<IfModule mod_env.c>\nUnsetEnv a\n",
	"<IfModule mod_env.c>\n<Directory /x>\nUnsetEnv a\n",
	"<IfModule mod_env.c>\n</IfModule >\n",
	"<IfModule mod_env.c>\n</ifmodule> x\n",
	"<IfModule mod_env.c>\n</ifmodule>\n",
	"<Directory /x>\n<IfModule mod_env.c>\n</Directory>\n</IfModule>\n",
	"<IfModule x>\nUnsetEnv a\n",
	"<IfModule x>\n<Foo>\n</IfModule>\n",
	"<IfModule x>\n<Foo a>\n</Foo a>\n</IfModule>\n",
	"<IfModule x>\n<Foo a>\n</Foo> a\n</IfModule>\n",
	"<IfModule x>\n<Foo> a\n</Foo>\n</IfModule>\n",
	"<IfModule x>\n<IfModule y>\n</ifmodule>\n</IFMODULE>\nUnsetEnv a\n",
	"<IfModule x>\n\"</IfModule>\"\nUnsetEnv a\n",
	"<IfModule>\n</IfModule>\n", "<IfModule !>\n</IfModule>\n", "<IfModule x\n</IfModule>\n", "<IfModule \"!x\">\nUnsetEnv a\n</IfModule>\n",
	"<IfModule ! x>\nUnsetEnv a\n</IfModule>\n", "<IfModule !x y>\nUnsetEnv a\n</IfModule>\n",
	"Define A \"x \\\"y\"\nUnsetEnv \"${A}\" ${a} ${A\nDefine B ${A}\nUnsetEnv ${B}\nUnDefine A\nUnsetEnv ${A} ${B}\n",
	"Define A:b c\n", "Define\n", "Define A b c\n", "Define \"\"\n", "Define A \"\"\nUnsetEnv ${A}\n", "Define A \"\" b\n", "UnDefine A b\n",
	"<IfDefine A>\nUnsetEnv a\n</IfDefine>\nDefine A\n<IfDefine A>\nUnsetEnv b\n</IfDefine>\n<IfDefine a>\nUnsetEnv c\n</IfDefine>\n<IfDefine !DUMP_CONFIG>\nUnsetEnv d\n</IfDefine>\n",
	"<IfVersion >= 2.4>\nUnsetEnv a\n</IfVersion>\n<IfVersion > 2.4>\nUnsetEnv b\n</IfVersion>\n<IfVersion 2.4>\nUnsetEnv c\n</IfVersion>\n",
	"<IfVersion !< 2.4.1> x\nUnsetEnv a\n</IfVersion>\n<IfVersion = \"2.4\" >\nUnsetEnv b\n</IfVersion>\n<IfVersion ~ ^2\\.4>\nUnsetEnv c\n</IfVersion>\n",
	"<IfVersion = 2.x>\n</IfVersion>\n", "<IfVersion % 2>\n</IfVersion>\n", "<IfVersion = 2\n</IfVersion>\n", "<IfVersion>\n</IfVersion>\n", "<IfVersion a b c d>\n</IfVersion>\n",
	"<IfVersion = /2>\n</IfVersion>\n", "<IfVersion >>\n</IfVersion>\n", "<IfVersion ! 2>\n</IfVersion>\n", "<IfVersion == 2.4.71.>\n</IfVersion>\n", "<IfVersion 2.4.71.1>\n</IfVersion>\n", "<IfVersion !>\n</IfVersion>\n",
	"<IfFile main.conf>\nUnsetEnv a\n</IfFile>\n<IfFile /nowhere>\nUnsetEnv b\n</IfFile>\n",
	"<Macro v $a @b>\nUnsetEnv $a x$a @b\n</Macro>\nUse v 1 \"2 \\\"3\"\nUnsetEnv c\n",
	"<Macro v>\nUnsetEnv a\n</Macro> x\nUse V\nUnsetEnv lost",
	"<Macro v>\nUnsetEnv a\n</Macro>\nUse v\nUnsetEnv z \\\nlost",
	"<Macro v>\nUnsetEnv a \\ \n</Macro>\nUse v\nUnsetEnv z\n",
	"Use v\n", "<Macro v>\n</Macro>\nUse w\n", "<Macro v>\n</Macro>\nUse\n", "<Macro v $a>\n</Macro>\nUse v\n", "<Macro v>\nUse v\n</Macro>\nUse v\n",
	"<Macro v $a $a>\n</Macro>\n", "<Macro v \"\">\n</Macro>\n", "<Macro>\n</Macro>\n", "<Macro \"\">\n</Macro>\n", "<Macro v\n</Macro>\n", "<Macro v>\nUnsetEnv a\n",
	"<Macro v>\n<Macro w>\nUnsetEnv a\n</Macro>\n</Macro>\nUse v\nUse w\n", "<Macro v>\n<Directory /x>\n</Macro>\nUse v\nUnsetEnv a\n</Directory>\n",
	"<Macro v>\n<IfModule x>\n</Macro>\nUse v\nUnsetEnv a\n</IfModule>\n", "<Macro v>\n<IfModule x>\n</Macro>\nUse v\nUnsetEnv a\n",
	"<Macro v>\n</Foo>\n</Macro>\nUnsetEnv a\nUse v\n", "UndefMacro x\n", "<Macro v>\n</Macro>\nUndefMacro w\n", "<Macro v>\n</Macro>\nUndefMacro v\nUse v\n",
	"<Macro v $a $ab>\nUnsetEnv $ab $a $a$ab\n</Macro>\nUse v 1 2\n", "<Macro v @a>\nUnsetEnv @a@a\n</Macro>\nUse v \"x@a\"\n", "<Macro v $a>\nUnsetEnv ${$a}\n</Macro>\nUse v KNOWN\n",
	"Include x.conf\n", "IncludeOptional x.conf\n", "Include x/*\n", "IncludeOptional x/*\n", "Include *.x\n", "Include a b\n", "Include\n", "Include \"\"\n", "IncludeOptional\n",
	"Error \"a b\"\n", "Error\n", "Error x\n</Foo>\n", "Foo> a\n", "ServerRoot /nowhere\n", "ServerRoot a b\n", "LoadModule a\n",
	"\xef\xbb\xbfUnsetEnv a\n", "\xc2\xa0UnsetEnv a\n", "UnsetEnv\ta\vb\fc\r\nUnsetEnv d\r\r\n", "UnsetEnv a \\\r\n b\r\n", "UnsetEnv a\x00b\nUnsetEnv c\n",
	"\"UnsetEnv\" a\n'UnsetEnv' b\n\"UnsetEnv\"c\n", "Unset\\\nEnv a\n", "UnsetEnv a \\", "UnsetEnv a \\\n", "</Foo \\\n>\n", "<Directory /x \\\n>\n</Directory>\n\n</Directory \\\n>",
	"<If \"true\">\n<If \"true\">\nUnsetEnv a\n</If>\n</If>\n", "> a\n", "< Foo>\n", "<>\n", "</>\n", "</\n", "<\n", "/\n", "<Directory\n", "<Directory>\n</Directory>\n", "<Directory /x\n</Directory>\n",
	"<Directory /x>\nDefine A b\nUnsetEnv ${A}\n</Directory>\n", "<Directory /x>\nServerRoot /\n</Directory>\n", "# \\\n</Foo>\nUnsetEnv a\n", "<IfModule x>\n# \\\n</IfModule>\n</IfModule>\n",

	// The last line, which fills the first buffer or does not.
	filling(206), filling(205), filling(207), filling(206) + "\n", "#\n" + filling(206), "UnsetEnv b \\\n" + filling(195),
	"#" + wide + "\n" + filling(206), "#" + wide[1:] + "\n" + filling(206), "#" + wide[2:] + "\n" + filling(206),
	"<IfModule mod_env.c>\n#" + wide + "\n</IfModule>\n" + filling(206), "<IfModule x>\n#" + wide + "\n</IfModule>\n" + filling(206),
	"<Directory /x>\n#" + wide + "\n</Directory>\n" + filling(206), "#" + wide + "\n<IfModule x>\n" + filling(206), "#" + wide + "\n<IfModule mod_env.c>\n" + filling(206),
}

var wide = strings.Repeat("x", 206)

// filling returns a line of n bytes.
func filling(n int) string { return "UnsetEnv " + strings.Repeat("a", n-len("UnsetEnv ")) }
