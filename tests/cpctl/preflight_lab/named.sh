# A nameserver on this machine, with a zone whose records are kept for various times.
set -eu
cat > /etc/bind/named.conf << 'CONFIG'
options { directory "/var/cache/bind"; listen-on { any; }; listen-on-v6 { none; }; recursion no; dnssec-validation no; };
zone "corp.example" { type primary; file "/etc/bind/corp.example"; };
CONFIG
cat > /etc/bind/corp.example << 'ZONE'
$TTL 30
@ IN SOA ns hostmaster 1 60 60 60 60
@ IN NS ns
ns IN A 172.22.22.8
quick IN A 172.22.22.3
slow 3600 IN A 172.22.22.3
pair 120 IN A 172.22.22.3
pair 120 IN A 172.22.22.12
alias 7200 IN CNAME quick
ZONE
named-checkconf -z /etc/bind/named.conf
systemctl start named
tries=0
until ss -Hlun 'sport = 53' | grep -q 172.22.22.8; do
  tries=$((tries + 1))
  [ $tries -lt 100 ]
  sleep 0.1
done
