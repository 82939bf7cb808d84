#!/usr/bin/env bash
# Checks the types of the interface, after proving that the checker can fail: it has been seen to report nothing at
# all for a whole project, so a planted error has to be found first.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

planted=ui/src/planted-type-error.svelte
trap 'rm -f "$planted"' EXIT
printf '<script lang="ts">\n  export const planted: number = "not a number";\n</script>\n' >"$planted"
if npm run --silent --prefix ui check >/dev/null 2>&1; then
    echo "the type checker did not notice a planted error: it checks nothing" >&2
    exit 1
fi
rm -f "$planted"
npm run --silent --prefix ui check
