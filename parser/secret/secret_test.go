package secret

import "testing"

func TestName(t *testing.T) {
	for name, want := range map[string]bool{
		"DB_PASSWORD": true, "dbPwd": true, "smtp-pw": true, "APP_SECRET": true, "X-Api-Key": true, "csrf.token": true, "Authorization": true,
		"COOKIE": true, "NONCE_SALT": true, "pdo.dsn.a": true, "credentials": true, "DATABASE_URL": true, "mongo_uri": true, "to\u212aen": true, "pa\u017f\u017f": true,
		"": false, "SCRIPT_FILENAME": false, "_url_": false, "url": false, "keys_zone": false, "session.cookie_path": false, "to": false, "p": false,
	} {
		if got := Name(name); got != want {
			t.Errorf("%q: %t, want %t", name, got, want)
		}
	}
}

func TestLiteral(t *testing.T) {
	for value, want := range map[string]bool{
		"a": true, "$a": false, "${a}": false, "$a:b": true, "\"$uri?$args\"": false, "": false, "ä": true, "$a_1/2": true, "${a": true, "${a:-b}": true, "${": false, "${}": false, "${a}\n${b": true, "$unknown": true, "${unknown}": false,
	} {
		if got := literal(value, func(name string) bool { return name != "unknown" }); got != want {
			t.Errorf("%q: %t, want %t", value, got, want)
		}
	}
}
