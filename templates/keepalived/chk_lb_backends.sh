#!/bin/sh
{% if proxy == 'haproxy' %}
# Whether HAProxy has a server left.
exec /usr/bin/curl -sf -o /dev/null --max-time 2 http://127.0.0.1:8404/lb-ready
{% else %}
# Whether an API server answers through this machine's own NGINX; one that hangs takes a try with it.
code=$(/usr/bin/curl -s -o /dev/null --write-out '%{http_code}' --max-time 2 --cacert {{ ca_file }} --resolve kubernetes:{{ port }}:127.0.0.1 https://kubernetes:{{ port }}/readyz)
case $code in
  {{ codes | join(' | ') }}) exit 0 ;;
esac
exit 1
{% endif %}
