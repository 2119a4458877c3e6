# shellcheck shell=sh disable=SC2016
# HAProxy's admin socket: a line said to it, and its answer.
: "${cp_dir?}" "${absent?}" "${answer_no?}"

# The order to put a server back carries this text too, so it stands here as one.
cp_speak='speak() {
    if command -v socat >/dev/null; then
        printf "%s\n" "$2" | socat -t 10 - "UNIX-CONNECT:$1"
    elif command -v perl >/dev/null; then
        perl -MIO::Socket::UNIX -e "\$| = 1; \$s = IO::Socket::UNIX->new(Peer => shift) or die qq(\$!\n);
            \$s->autoflush(1); print \$s shift, qq(\n); print while <\$s>" -- "$1" "$2"
    else
        python3 -c "import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall((sys.argv[2] + chr(10)).encode())
for part in iter(lambda: s.recv(65536), b\"\"): sys.stdout.buffer.write(part)" "$1" "$2"
    fi
}'
eval "$cp_speak"

can_speak() {
    command -v socat >/dev/null || command -v perl >/dev/null || command -v python3 >/dev/null
}

# SOCKET
ask_balancer() {
    [ -e "$1" ] || return "$absent"
    can_speak || { printf 'nothing there can speak to HAProxy: install socat' && return "$answer_no"; }
    command -v systemd-run >/dev/null || { printf 'there is no systemd-run' && return "$answer_no"; }
    speak_level=$(speak "$1" 'show cli level') || return 1
    case $speak_level in
    *user* | *operator*)
        printf '%s is not `level admin`' "$1"
        return "$answer_no"
        ;;
    esac
    speak "$1" 'show servers state' && speak "$1" 'show stat'
}
