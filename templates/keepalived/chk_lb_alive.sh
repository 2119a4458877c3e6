#!/bin/sh
{% if proxy == 'haproxy' %}
# Whether HAProxy answers at all on this machine.
exec /usr/bin/curl -s -o /dev/null --max-time 2 http://127.0.0.1:8404/lb-ready
{% else %}
# Whether NGINX listens on this machine: 7 is what curl says where nobody does. What becomes of the connection behind it
# is the other script's question.
/usr/bin/curl -s -o /dev/null --max-time 2 --cacert {{ ca_file }} --resolve kubernetes:{{ port }}:127.0.0.1 https://kubernetes:{{ port }}/readyz
[ $? -ne 7 ]
{% endif %}
