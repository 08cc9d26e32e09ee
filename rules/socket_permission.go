package rules

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// SocketPermission reports sockets that the account of nginx cannot connect to.
var SocketPermission = &lint.Rule{
	ID:     "WP202",
	Name:   "socket-permission",
	Apache: true,
	Cause:  lint.Address,
	Outcomes: lint.Outcomes{
		lint.BadGateway: onlyServer,
		lint.Sometimes:  otherServer + ", or the existing socket still lets the web server connect",
	},
	Faults:  []lint.Fault{stack.MayNotEnter},
	Summary: "The account that the web server runs as cannot connect to the pool's socket: no write permission on it, or no search permission on a parent directory.",
	Why: "To connect to a unix socket a process needs write permission on it and search permission on every parent directory. The first class that applies, owner, group or others, decides, even if a later one would allow more. " +
		"The pool's `user` does not matter: a master that runs as root creates the socket as root:root with mode 0660 unless `listen.owner`, `listen.group` and `listen.mode` say otherwise. " +
		"The account of nginx is that of `user`, the one of Apache that of the last `User` and `Group`. A name in `listen.owner` gives the socket to its primary group as well. With `listen.acl_users` or `listen.acl_groups`, owner and group are ignored.",
	Fixable: true,
	Fix: "Set `listen.owner` or `listen.group` to the account of the web server and `listen.mode = 0660`, or add that account to the group of the socket (`usermod -aG GROUP www-data`, then restart the web server). " +
		"PHP-FPM sets owner and mode when it creates the socket, and a reload keeps an existing one: restart PHP-FPM.",
	Verify: []string{
		"namei -l SOCKET",
		"getfacl SOCKET",
		"ps -o user,group,cmd -C nginx,apache2,httpd; id www-data",
		"sudo -u www-data test -w SOCKET && echo may connect",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH`,
	},
	Sources: []string{
		manUnix,
		fpmManual + "#listen-owner",
		nginxCore + "#user",
		apacheUnixd + "#user",
	},
	Bad: `
GET /index.php -> 502
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
;^^^ WP202 www-data may not write /run/php/php8.3-fpm.sock: PHP-FPM creates it root:root with mode 0660, which gives other users no write permission
;--- WP202 www-data is neither root nor in the group root: either set listen.owner or listen.group to www-data, or add www-data to the group; a reload keeps the old socket, so restart PHP-FPM
; -etc/nginx/nginx.conf WP202 nginx runs as www-data
; -etc/nginx/sites-enabled/blog.conf WP202 the socket is used here
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
pm = ondemand
pm.max_children = 5
`,
	Good: `
GET /index.php -> 200
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
pm = ondemand
pm.max_children = 5
`,
	Logs: []*servers.Signature{servers.NginxConnectDenied, servers.ApacheConnectDenied},
	Check: func(p *lint.Pass) {
		for _, d := range denials(p, stack.MayNotEnter) {
			p.Report(d.finding())
		}
	},
}

// deniedPool is a pool to whose socket one web server may not connect.
type deniedPool struct {
	denial   *stack.Denial
	pool     *stack.Pool
	gateways []*stack.Gateway
	accounts int  // how many accounts cannot connect
	spared   bool // every gateway has another server that answers
}

// denials collects the sockets with one fault. For MayNotEnter it also reports
// which could not be judged.
func denials(p *lint.Pass, fault stack.Fault) (list []*deniedPool) {
	type key struct {
		front *stack.Front
		pool  *stack.Pool
	}
	byKey := map[key]*deniedPool{}
	accounts := map[*stack.Pool]int{}
	for g, peer := range used(p.Stack) {
		b := peer.Denial
		switch {
		case b == nil:
			continue
		case b.Why != "":
			if fault == stack.MayNotEnter {
				p.NotChecked(b.At, b.Why)
			}
			continue
		case peer.Fault != fault && !(b.Later && fault == stack.MayNotEnter):
			continue
		}
		k := key{g.Front, peer.Pool}
		d := byKey[k]
		if d == nil {
			d = &deniedPool{denial: b, pool: peer.Pool, spared: true}
			byKey[k], list = d, append(list, d)
			accounts[peer.Pool]++
		}
		d.gateways = append(d.gateways, g)
		d.spared = d.spared && answered(g)
	}
	for _, d := range list {
		d.accounts = accounts[d.pool]
	}
	return list
}

// answered reports whether a server of the gateway answers.
func answered(g *stack.Gateway) bool {
	return slices.ContainsFunc(g.Peers, func(peer *stack.Peer) bool {
		return !peer.Down && peer.Fault == stack.Answers && (peer.Denial == nil || !peer.Denial.Later)
	})
}

func (d *deniedPool) finding() lint.Finding {
	b := d.denial
	who := b.Tries.User
	g := d.gateways[0]
	f := lint.Finding{At: d.culprit(), Outcome: dead(g), Log: []string{notPermitted(g, b.Socket)}}
	has := permissions(b)
	switch {
	case b.Dir:
		f.Message = fmt.Sprintf("%s may not pass through %s on the way to %s: it is %s, which gives %s no search permission", who, b.Path, b.Socket, has, theClass(b))
	case b.Exists:
		f.Message = fmt.Sprintf("%s may not write %s: the existing socket is %s, and a reload does not change it to what the configuration says", who, b.Path, has)
	default:
		f.Message = fmt.Sprintf("%s may not write %s: PHP-FPM creates it %s, which gives %s no write permission", who, b.Path, has, theClass(b))
	}
	if d.spared {
		f.Outcome = sometimes(g)
	}
	if b.Later {
		f.Outcome = sometimes(g)
		f.Notes = append(f.Notes, lint.Note{Message: "the existing socket lets " + who + " connect; the next start of PHP-FPM creates it anew"})
	}
	f.Notes = append(f.Notes, lint.Note{At: f.At, Message: d.advice()}, lint.Note{At: b.At, Message: web(g) + " runs as " + who})
	for i, g := range d.gateways {
		if i == maxNear {
			f.Notes = append(f.Notes, lint.Note{Message: fmt.Sprintf("and at %d more places", len(d.gateways)-i)})
			break
		}
		f.Notes = append(f.Notes, lint.Note{At: g.At, Message: "the socket is used here"})
	}
	f.Fixes = d.fixes()
	return f
}

// permissions spells those of the path that denies the connection.
func permissions(b *stack.Denial) string {
	return fmt.Sprintf("%s:%s with mode %04o", b.Owner, b.Group, uint32(b.Mode.Perm()))
}

// theClass names the class of permissions that applies, as part of a sentence.
func theClass(b *stack.Denial) string {
	if b.Class == stack.OtherClass {
		return "other users"
	}
	return "the " + b.Class.String()
}

// culprit is the line to edit: the mode where the right account owns the
// socket, else the line that sets the wrong owner, else the header without
// it.
func (d *deniedPool) culprit() source.Span {
	keys := []servers.FPMKey{servers.KeyListenOwner, servers.KeyListenGroup}
	acl := d.pool.Text(servers.KeyListenACLUsers)
	switch {
	case d.denial.Dir || d.denial.Exists:
		return d.socketAt()
	case !acl.Absent():
		return acl.At()
	case d.pool.Master.Machine != d.gateways[0].Machine: // accounts differ from container to container
		if mode := d.pool.Text(servers.KeyListenMode); mode.Written() {
			return mode.At()
		}
		return d.socketAt()
	case d.denial.Class != stack.OtherClass:
		keys = []servers.FPMKey{servers.KeyListenMode}
	case d.ownsSocket():
		slices.Reverse(keys) // the owner is as it is meant to be
	}
	for _, key := range keys {
		line := d.pool.Text(key)
		if text, _ := line.Known(); text != "" {
			return line.At()
		}
	}
	if d.pool.At.File.Image != "" {
		return d.socketAt() // the header is not in the project
	}
	return d.pool.At
}

// ownsSocket reports whether the socket has the account of the workers of the pool, so that the web
// server is meant to be in its group.
func (d *deniedPool) ownsSocket() bool {
	user, _ := d.pool.Text(servers.KeyUser).Known()
	owner, _ := d.pool.Text(servers.KeyListenOwner).Known()
	return user == owner
}

// socketAt is the line that names the socket.
func (d *deniedPool) socketAt() source.Span {
	if status := d.pool.StatusListen; status != nil && status.Endpoint.Path == d.denial.Socket {
		return status.At
	}
	return d.pool.Listen.At
}

// advice says why the class applies and what to set, both ways.
func (d *deniedPool) advice() string {
	b := d.denial
	who := b.Tries.User
	switch {
	case b.By.Unit != "":
		return fmt.Sprintf("%s sets %s: set RuntimeDirectoryMode=0755, and restart PHP-FPM", b.By.Unit, b.By.Text)
	case b.Dir:
		return fmt.Sprintf("let %s search it (chmod o+x %s), or move the socket to a directory that is open to all", who, b.Path)
	case b.Exists:
		return "restart PHP-FPM: it sets owner and mode only when it creates the socket"
	case b.Class == stack.OwnerClass:
		return fmt.Sprintf("%s has the socket, so only the first digit of the mode applies: set listen.mode = 0660; a reload keeps the old socket, so restart PHP-FPM", who)
	case b.Class == stack.GroupClass:
		return fmt.Sprintf("%s is in the group %s, so only the second digit of the mode applies: set listen.mode = 0660; a reload keeps the old socket, so restart PHP-FPM", who, b.Group)
	}
	if !d.pool.Text(servers.KeyListenACLUsers).Absent() {
		return fmt.Sprintf("the list of listen.acl_users does not name %s, and with it listen.owner and listen.group are ignored: add %s to it; a reload keeps the old socket, so restart PHP-FPM", who, who)
	}
	if b.Own && d.elsewhere() {
		return "PHP-FPM does not start as root, so its socket keeps that account: set listen.mode = 0666; a reload keeps the old socket, so restart PHP-FPM"
	}
	if b.Own {
		return fmt.Sprintf("PHP-FPM does not start as root, so its socket keeps that account: set listen.mode = 0666, or add %s to the group %s; a reload keeps the old socket, so restart PHP-FPM", who, b.Group)
	}
	if d.elsewhere() {
		return fmt.Sprintf("%s is account %s in container %s, and each container has accounts of its own: set listen.owner = %s, by number, or listen.mode = 0666; a reload keeps the old socket, so restart PHP-FPM",
			who, d.account(), d.gateways[0].Machine.Container.Name, d.account())
	}
	return fmt.Sprintf("%s is neither %s nor in the group %s: either set listen.owner or listen.group to %s, or add %s to the group; a reload keeps the old socket, so restart PHP-FPM",
		who, b.Owner, b.Group, who, who)
}

// elsewhere reports whether the pool is in another container than the web server.
func (d *deniedPool) elsewhere() bool { return d.pool.Master.Machine != d.gateways[0].Machine }

// account is what the pool calls the account of the web server: its name, or its number where the pool
// is in another container, where the name may be missing or belong to another account.
func (d *deniedPool) account() string {
	who := d.denial.Tries.User
	if u, ok := d.gateways[0].Machine.Facts.Users.Lookup(who); ok && d.elsewhere() {
		return strconv.FormatUint(uint64(u.UID), 10)
	}
	return who
}

// fixes offers a change of the pool. It is safe while only root could connect,
// or where the class that applies has only its bit missing.
func (d *deniedPool) fixes() []lint.Fix {
	b := d.denial
	if b.Dir || b.Exists || !d.pool.Text(servers.KeyListenACLUsers).Absent() {
		return nil
	}
	owner, group, mode := d.pool.Text(servers.KeyListenOwner), d.pool.Text(servers.KeyListenGroup), d.pool.Text(servers.KeyListenMode)
	who := d.account()
	switch {
	case b.Class != stack.OtherClass && !mode.Absent():
		return []lint.Fix{{Title: "set listen.mode to 0660", Safe: d.accounts == 1 && b.Mode&^fs.FileMode(0o660) == 0, Edits: []source.Edit{{At: mode.At(), New: "0660"}}}}
	case b.Own:
		return nil
	case !group.Absent() && !d.elsewhere():
		return suggest(group.At(), who, "give the socket to the account of "+web(d.gateways[0]))
	case !owner.Absent():
		return suggest(owner.At(), who, "give the socket to the account of "+web(d.gateways[0]))
	}
	fixes := insertBelow(d.pool.Listen.At, "give the socket to the account of "+web(d.gateways[0]), "listen.owner = "+who)
	for i := range fixes {
		fixes[i].Safe = d.accounts == 1 && mode.Absent()
	}
	return fixes
}
