package servers

// otherFamilies returns the images that start another program than nginx, Apache and PHP-FPM, and
// contain none. What leads to them in place of PHP-FPM fails.
func otherFamilies() (rows []family) {
	for _, o := range others {
		rows = append(rows, family{names: o.names, open: true, image: func(imageTag) Image {
			return Image{Other: o.program, Exposed: o.ports, Absent: []string{"/usr/sbin/nginx", "/usr/local/sbin/php-fpm"}}
		}})
	}
	rows = append(rows, family{names: []string{"cloudflare/cloudflared"}, open: true, image: func(imageTag) Image { return cloudflaredImage }})
	for _, o := range toolchains {
		rows = append(rows, family{names: []string{o.name}, open: true, image: func(t imageTag) Image {
			m := base(t.distribution(""))
			m.Other, m.Entry = o.program, EntryApp
			return m
		}})
	}
	return rows
}

// cloudflaredImage is the image of cloudflared (cloudflared 2026.8.2, Dockerfile), on the
// distroless one for an account without a name.
var cloudflaredImage = Image{
	Entry: EntryNone, Entrypoint: []string{"cloudflared", "--no-autoupdate"}, Command: []string{"version"},
	User: "65532:65532", Env: map[string]string{"HOME": "/home/nonroot"}, WorkDir: "/home/nonroot",
	Absent: []string{"/usr/sbin/nginx", "/usr/local/sbin/php-fpm"},
}

// others are the images, with the program and the TCP ports of its default configuration.
// Source: the documentation of each image.
var others = []struct {
	names   []string
	program string
	ports   []int
}{
	{[]string{"caddy"}, "Caddy", []int{80, 443, 2019}},
	{[]string{"traefik"}, "Traefik", []int{80}},
	{[]string{"haproxy", "haproxytech/haproxy-alpine", "haproxytech/haproxy-debian"}, "HAProxy", nil},
	{[]string{"varnish"}, "Varnish", []int{80, 8443}},
	{[]string{"envoyproxy/envoy"}, "Envoy", []int{10000}},
	{[]string{"dunglas/frankenphp"}, "FrankenPHP", []int{80, 443, 2019}},
	{[]string{"tomcat"}, "Tomcat", []int{8080}},
	{[]string{"mysql", "mysql/mysql-server", "percona", "percona/percona-server"}, "MySQL", []int{3306, 33060}},
	{[]string{"mariadb", "bitnami/mariadb", "bitnamilegacy/mariadb"}, "MariaDB", []int{3306}},
	{[]string{"bitnami/mysql", "bitnamilegacy/mysql"}, "MySQL", []int{3306}},
	{[]string{"postgres", "postgis/postgis", "pgvector/pgvector", "bitnami/postgresql", "bitnamilegacy/postgresql", "timescale/timescaledb"}, "PostgreSQL", []int{5432}},
	{[]string{"mongo", "bitnami/mongodb"}, "MongoDB", []int{27017}},
	{[]string{"redis", "redis/redis-stack-server", "bitnami/redis", "bitnamilegacy/redis"}, "Redis", []int{6379}},
	{[]string{"valkey/valkey"}, "Valkey", []int{6379}},
	{[]string{"eqalpha/keydb"}, "KeyDB", []int{6379}},
	{[]string{"memcached", "bitnami/memcached"}, "Memcached", []int{11211}},
	{[]string{"rabbitmq", "bitnami/rabbitmq"}, "RabbitMQ", []int{4369, 5671, 5672, 25672}},
	{[]string{"elasticsearch", "elasticsearch/elasticsearch", "bitnami/elasticsearch"}, "Elasticsearch", []int{9200, 9300}},
	{[]string{"opensearchproject/opensearch"}, "OpenSearch", []int{9200, 9300, 9600}},
	{[]string{"kibana", "kibana/kibana"}, "Kibana", []int{5601}},
	{[]string{"getmeili/meilisearch"}, "Meilisearch", []int{7700}},
	{[]string{"typesense/typesense"}, "Typesense", []int{8108}},
	{[]string{"solr"}, "Solr", []int{8983}},
	{[]string{"beanstalkd", "schickling/beanstalkd"}, "beanstalkd", []int{11300}},
	{[]string{"dpage/pgadmin4"}, "pgAdmin", []int{80, 443}},
	{[]string{"rediscommander/redis-commander"}, "Redis Commander", []int{8081}},
	{[]string{"mongo-express"}, "mongo-express", []int{8081}},
	{[]string{"mailhog/mailhog"}, "MailHog", []int{1025, 8025}},
	{[]string{"axllent/mailpit"}, "Mailpit", []int{1025, 1110, 8025}},
	{[]string{"schickling/mailcatcher", "dockage/mailcatcher"}, "MailCatcher", []int{1025, 1080}},
	{[]string{"maildev/maildev", "djfarrelly/maildev"}, "MailDev", []int{1025, 1080}},
	{[]string{"boky/postfix"}, "Postfix", []int{587}},
	{[]string{"minio/minio", "bitnami/minio"}, "MinIO", []int{9000, 9001}},
	{[]string{"selenium/standalone-chrome", "selenium/standalone-firefox", "selenium/standalone-chromium"}, "Selenium", []int{4444, 5900}},
	{[]string{"certbot/certbot"}, "Certbot", nil},
	{[]string{"containrrr/watchtower"}, "Watchtower", nil},
	{[]string{"portainer/portainer", "portainer/portainer-ce"}, "Portainer", []int{8000, 9000, 9443}},
	{[]string{"prom/prometheus"}, "Prometheus", []int{9090}},
	{[]string{"grafana/grafana"}, "Grafana", []int{3000}},
	{[]string{"nginx/nginx-prometheus-exporter"}, "an exporter of nginx's metrics", []int{9113}},
	{[]string{"hipages/php-fpm_exporter"}, "an exporter of PHP-FPM's metrics", []int{9253}},
	{[]string{"tianon/gosu", "hello-world"}, "a program that ends", nil},
	{[]string{"soketi/soketi"}, "Soketi", []int{6001}},
	{[]string{"mssql/server"}, "SQL Server", []int{1433}},
}

// toolchains are images of programming languages, on Debian or Alpine as the tag says. What
// is built on them may install the servers as packages.
var toolchains = []struct{ name, program string }{
	{"node", "Node.js"}, {"python", "Python"}, {"ruby", "Ruby"}, {"golang", "Go"}, {"composer", "Composer"}, {"perl", "Perl"}, {"openjdk", "Java"}, {"eclipse-temurin", "Java"}, {"rust", "Rust"},
}
