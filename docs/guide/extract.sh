#!/bin/sh
# Takes the guide's examples out of its pages, so that they are compiled and run as they stand there:
#
#   extract.sh swift FILE      the Swift examples, as one source file
#   extract.sh apple FOLDER    those that need an Apple system, a source file each
#   extract.sh kotlin FOLDER   the Kotlin examples, a source file each
#   extract.sh android FOLDER  those that need Android, a source file each
#
# An example is a fenced block. An HTML comment on the line before it says what it is:
#
#   (none)                     statements, put into a function whose parameters are named in README.md, "The examples"
#   <!-- declarations -->      declarations, put at the top level of a file
#   <!-- run NAME -->          the same, in the Kotlin package dev.steadfast.guide.NAME; the tests call what it declares
#   <!-- apple -->, <!-- android -->, each also with "declarations"         not for this machine: see above
#
# An unknown comment before a block, or an unknown language, is an error: no example escapes by a slip of the pen.
set -eu
[ $# = 2 ] || { echo "usage: extract.sh swift|apple|kotlin|android OUT" >&2; exit 2; }
case $1 in
swift) mkdir -p "$(dirname "$2")" && : > "$2" ;;
apple) mkdir -p "$2" && rm -f "$2"/*.swift ;;
kotlin | android) mkdir -p "$2" && rm -f "$2"/*.kt ;;
*) echo "extract.sh: unknown language $1" >&2; exit 2 ;;
esac

awk -v want="$1" -v out="$2" '
function fail(text) { printf "%s:%d: %s\n", FILENAME, FNR, text > "/dev/stderr"; failed = 1; exit 1 }

function page() { name = FILENAME; sub(/.*\//, "", name); sub(/\.md$/, "", name); gsub(/-/, "_", name); return name }

# The output that this block belongs to; nothing for a language that is not compiled here.
function target() {
    if (language == "swift") return place == "apple" ? "apple" : place == "" ? "swift" : ""
    if (language == "kotlin") return place == "android" ? "android" : place == "" ? "kotlin" : ""
    return ""
}

function read_comment(text,    words, count, at) {
    place = ""; form = "statements"; example = ""
    count = split(text, words, " ")
    for (at = 1; at <= count; at++) {
        if (words[at] == "apple" || words[at] == "android") place = words[at]
        else if (words[at] == "declarations") form = "declarations"
        else if (words[at] == "run" && at == count - 1 && words[count] ~ /^[a-z_]+$/) { form = "declarations"; example = words[count]; at = count }
        else fail("unknown comment before a block: " text)
    }
}

function write_swift(    file) {
    file = out
    if (want == "apple") file = out "/" page() "_" start ".swift"
    if (want == "apple" || !written) printf "import Foundation\nimport Steadfast\n\n" > file
    printf "// %s, line %d\n", FILENAME, start > file
    if (form == "statements")
        printf "@MainActor func %s_%d(client: SteadfastClient, recorder: Recorder, activities: Activities, id: UUID, folder: URL) async throws {\n", page(), start > file
    printf "#sourceLocation(file: \"%s\", line: %d)\n%s#sourceLocation()\n", FILENAME, start + 1, body > file
    # Or the compiler warns of values that nobody reads.
    if (form == "statements") printf "%s}\n", reads > file
    printf "\n" > file
    if (want == "apple") close(file)
}

function write_kotlin(    file, parameters) {
    if (example == "") example = page() "_" start
    file = out "/" example ".kt"
    printf "// %s, line %d\n@file:Suppress(\"UNUSED_VARIABLE\", \"unused\")\n\npackage dev.steadfast.guide.%s\n\n", FILENAME, start, example > file
    if (want == "android") printf "import android.content.Context\nimport dev.steadfast.android.*\n" > file
    if (form == "statements" || want == "android") printf "import dev.steadfast.*\nimport kotlinx.coroutines.*\nimport kotlinx.coroutines.flow.*\nimport java.io.File\nimport java.time.Instant\nimport java.util.UUID\nimport kotlin.time.Duration.Companion.seconds\n" > file
    printf "%s\n", imports > file
    parameters = "client: SteadfastClient, recorder: Recorder, activities: Activities, id: UUID, folder: File"
    if (want == "android") parameters = parameters ", context: Context"
    if (form == "statements") printf "suspend fun CoroutineScope.example(%s) {\n%s}\n", parameters, body > file
    else printf "%s", body > file
    close(file)
}

!inside && /^```/ {
    language = substr($0, 4)
    if (language !~ /^(swift|kotlin|rust|sh|xml|text|json)$/) fail("unknown language \"" language "\"")
    if (before ~ /^<!-- .* -->$/) read_comment(substr(before, 6, length(before) - 9)); else read_comment("")
    inside = 1; start = FNR; imports = ""; body = ""; reads = ""
    next
}
inside && /^```$/ {
    inside = 0; before = ""
    if (target() == want) {
        if (want == "swift" || want == "apple") write_swift(); else write_kotlin()
        written++
    }
    next
}
inside && language == "swift" && match($0, /^let [A-Za-z]+/) { reads = reads "    _ = " substr($0, 5, RLENGTH - 4) "\n" }
inside { if (language == "kotlin" && /^import /) imports = imports $0 "\n"; else body = body $0 "\n"; next }
{ before = $0 }
END {
    if (failed) exit 1
    if (inside) fail("a block without an end")
    if (!written) fail("no example for " want)
}
' "$(cd "$(dirname "$0")" && pwd)"/*.md
