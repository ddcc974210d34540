#!/bin/sh
# Asks other versions than those of constraints.txt, all side by side: the newest Textual and TinyDB, the lowest of every library, the
# newest Python. Each is told of when it has ended: its last lines, or all of it where it failed; then this fails too.
set -u
told=$(mktemp -d)
trap 'rm -rf "$told"' EXIT
asked="newest lowest pythons"
for name in $asked; do
  { sh "scripts/$name.sh"; echo $? > "$told/$name.code"; } > "$told/$name" 2>&1 &
done
wait
failed=0
for name in $asked; do
  code=$(cat "$told/$name.code" 2>/dev/null || echo 1)
  echo "--- scripts/$name.sh"
  if [ "$code" = 0 ]; then tail -n 8 "$told/$name"; else cat "$told/$name"; failed=$code; fi
done
exit "$failed"
