# Runs a server for as long as its owner lives, in a directory of its own, and leaves neither behind.
#
#   sh guard.sh <server> [argument…]
#
# stdin  a pipe that the owner holds and never writes to: it ends when the owner ends, however that happens
# 3      a pipe to the owner, who reads "<pid> <directory>"; it ends when the server ends

directory=$(mktemp -d "${TMPDIR:-/tmp}/fosen-redis-XXXXXX") && cd "$directory" || exit 1
"$@" </dev/null >redis.log 2>&1 &
server=$!
trap 'kill -KILL "$server" 2>/dev/null; wait "$server" 2>/dev/null; cd / && rm -rf "$directory"' EXIT
trap exit HUP INT TERM
# An owner that has ended does not read what is said next: that must not end the guard before its work is done.
trap '' PIPE
echo "$server $directory" >&3
exec 3>&-

read -r _
