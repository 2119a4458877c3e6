#!/usr/bin/env bash
# The functions that MicroK8s' own scripts share. Sourced by them; run with a function's name, it does that function.
CERTS=$SNAP_DATA/certs
export OPENSSL_CONF=/snap/microk8s/current/etc/ssl/openssl.cnf

exit_if_no_permissions() {
  if [ ! -r "$SNAP_DATA/credentials/client.config" ]; then
    echo "Insufficient permissions to access MicroK8s." >&2
    echo "You can either try again with sudo or add the user ${USER:-$(id -un)} to the 'microk8s' group." >&2
    exit 1
  fi
}

# Prints the node's addresses but those of link-local and pod networks, or `none`.
get_ips() {
  local mine skip='' interface address kept=''
  mine=$(hostname -I)
  for interface in vxlan.calico flannel.1 cni0 ovn0; do
    [ -e "/sys/class/net/$interface" ] || continue
    skip+=" $(ip -o -4 addr show dev "$interface" 2> /dev/null | awk '{ sub("/.*", "", $4); print $4; exit }')"
  done
  for address in $mine; do
    [[ $address != 169.254.* && " $skip " != *" $address "* ]] || continue
    kept+="${kept:+ }$address"
  done
  echo "${kept:-none}"
}

# Writes csr.conf.rendered: the template with this host's addresses under the next numbers it does not hold at the start of a line.
render_csr_conf() {
  local addresses lines='' number=3 address
  addresses=$(get_ips)
  cp "$CERTS/csr.conf.template" "$CERTS/csr.conf.rendered"
  if [ "$addresses" != none ] && [ "$addresses" != 127.0.0.1 ]; then
    for address in $addresses; do
      # A prefix is enough for the original: a template with IP.30 makes it skip IP.3.
      while grep -q "^IP.$number" "$CERTS/csr.conf.template"; do
        number=$((number + 1))
      done
      lines+="${lines:+\\n}IP.$number = $address"
      number=$((number + 1))
    done
  fi
  sed -i "s/#MOREIPS/$lines/g" "$CERTS/csr.conf.rendered"
}

refresh_csr_conf() {
  render_csr_conf
  cp "$CERTS/csr.conf.rendered" "$CERTS/csr.conf"
}

gen_server_cert() {
  "$SNAP/usr/bin/openssl" req -new -sha256 -key "$CERTS/server.key" -out "$CERTS/server.csr" -config "$CERTS/csr.conf" &&
    sign server ca
}

gen_proxy_client_cert() {
  "$SNAP/usr/bin/openssl" req -new -sha256 -key "$CERTS/front-proxy-client.key" -out "$CERTS/front-proxy-client.csr" \
    -config <(sed '/^prompt = no/d' "$CERTS/csr.conf") -subj /CN=front-proxy-client &&
    sign front-proxy-client front-proxy-ca
}

sign() { # NAME AUTHORITY
  "$SNAP/usr/bin/openssl" x509 -req -sha256 -in "$CERTS/$1.csr" -CA "$CERTS/$2.crt" -CAkey "$CERTS/$2.key" -CAcreateserial \
    -out "$CERTS/$1.crt" -days 365 -extensions v3_ext -extfile "$CERTS/csr.conf"
}

make_missing_keys_and_authorities() {
  local name
  for name in serviceaccount ca server front-proxy-ca front-proxy-client; do
    [ -f "$CERTS/$name.key" ] || "$SNAP/usr/bin/openssl" genrsa -out "$CERTS/$name.key" 2048 2> /dev/null
  done
  [ -f "$CERTS/ca.crt" ] || self_sign ca 10.152.183.1
  [ -f "$CERTS/front-proxy-ca.crt" ] || self_sign front-proxy-ca front-proxy-ca
}

self_sign() { # NAME COMMON-NAME
  "$SNAP/usr/bin/openssl" req -x509 -new -sha256 -nodes -days 3650 -key "$CERTS/$1.key" -subj "/CN=$2" -out "$CERTS/$1.crt"
}

# Applies the template if it renders to anything else than what was applied last. Prints 1 if certificates were made, else 0.
produce_certs() {
  make_missing_keys_and_authorities
  render_csr_conf
  [ -f "$CERTS/csr.conf" ] || echo changeme > "$CERTS/csr.conf"
  if ! cmp -s "$CERTS/csr.conf.rendered" "$CERTS/csr.conf"; then
    cp "$CERTS/csr.conf.rendered" "$CERTS/csr.conf"
    gen_server_cert >&2
    gen_proxy_client_cert >&2
    echo 1
  elif [ ! -f "$CERTS/front-proxy-client.crt" ]; then
    gen_proxy_client_cert >&2
    echo 1
  else
    echo 0
  fi
}

# Signs server.crt again if it is not the cluster authority's, a missing one included. Prints 1 if it did, else 0.
ensure_server_ca() {
  if "$SNAP/usr/bin/openssl" verify -CAfile "$CERTS/ca.crt" "$CERTS/server.crt" &> /dev/null; then
    echo 0
    return
  fi
  gen_server_cert >&2
  echo 1
}

# The lab's pods are units; a killed one leaves a line, and a new main process.
remove_all_containers() {
  local pod
  for pod in $(systemctl list-units --plain --no-legend --state=active 'pod-*.service' | awk '{ print $1 }'); do
    echo "$(date +%s.%N) $pod $(systemctl show -P MainPID "$pod")" >> /var/log/lab/killed
    systemctl kill --kill-whom=all --signal=KILL "$pod"
  done
}

if [[ ${BASH_SOURCE[0]} = "$0" && $# -gt 0 ]]; then
  if ! declare -F "$1" > /dev/null; then
    echo "usage: $0 FUNCTION; functions: $(compgen -A function | tr '\n' ' ')" >&2
    exit 1
  fi
  "$@"
fi
