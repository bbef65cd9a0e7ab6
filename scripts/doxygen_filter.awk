# A header as Doxygen wants it: plain comments become documentation. Doxygen runs it over each file
# (INPUT_FILTER in Doxyfile.in). usage: awk -f doxygen_filter.awk FILE
#
#   the first comment of a file                 the file's own text
#   a comment directly before a declaration     that declaration's
#   a comment behind code, and what goes on
#   below it in the same column                 that member's
#
# All else stays as it is: comments in functions, before a blank line or before an access specifier,
# and those that are written for Doxygen, as in "/// \ref Name". In the others, what it would take
# for a command or a tag is escaped, except between `...`. Lines keep their numbers. Markdown files
# lose their links to files of the repository, which the site does not have.

# Where a comment begins in a line of code, 0 where there is none: quotes are passed over.
function comment_column(line,    i, c, quote) {
  quote = ""
  for (i = 1; i <= length(line); ++i) {
    c = substr(line, i, 1)
    if (quote != "") {
      if (c == "\\") ++i
      else if (c == quote) quote = ""
    } else if (c == "\"" || (c == "'" && substr(line, i - 1, 1) !~ /[0-9]/)) {
      quote = c
    } else if (c == "/" && substr(line, i + 1, 1) ~ /[\/*]/) {
      return i
    }
  }
  return 0
}

# A comment's text with nothing in it that Doxygen interprets. `in_code`: between backquotes, also
# from line to line of a block.
function escaped(text,    i, c, out) {
  out = ""
  for (i = 1; i <= length(text); ++i) {
    c = substr(text, i, 1)
    if (c == "`") in_code = !in_code
    if (in_code) out = out c
    else if (c ~ /[\\@#%<>&]/) out = out "\\" c
    else if (c == "-" && substr(text, i + 1, 1) == "-" && substr(text, i - 1, 1) != "-") out = out "\\-"
    else out = out c
  }
  return out
}

# Follows the braces of code: depth, and the depth of the first one that opens a function's body or a
# value (0: in none).
function follow_braces(code,    i, c) {
  gsub(/"([^"\\]|\\.)*"|'([^'\\]|\\.)'/, "x", code)
  if (code ~ /^[ \t]*#/) return
  for (i = 1; i <= length(code); ++i) {
    c = substr(code, i, 1)
    if (c == "{") {
      ++depth
      if (!body && statement !~ /(^|[^A-Za-z_])(namespace|class|struct|union|enum|extern)([^A-Za-z_]|$)/) body = depth
      statement = ""
    } else if (c == "}") {
      if (body == depth) body = 0
      --depth
      statement = ""
    } else {
      statement = c == ";" ? "" : statement c
    }
  }
  statement = statement " "
}

# Writes the comment lines that wait, as documentation or as they are.
function flush_block(mark,    i, text, indent) {
  in_code = 0
  for (i = 1; i <= waiting; ++i) {
    text = block[i]
    if (mark != "" && text !~ /^[ \t]*\/\/\//) {
      match(text, /^[ \t]*/)
      indent = substr(text, 1, RLENGTH)
      text = indent mark escaped(substr(text, RLENGTH + 3))
    }
    print text
  }
  waiting = 0
}

FILENAME ~ /\.md$/ {
  line = $0
  while (match(line, /\[[^]]*\]\([^):]*\)/)) {
    link = substr(line, RSTART, RLENGTH)
    sub(/^\[/, "", link)
    sub(/\]\(.*$/, "", link)
    line = substr(line, 1, RSTART - 1) link substr(line, RSTART + RLENGTH)
  }
  print line
  next
}

# A comment of C over several lines goes on.
in_block {
  print escaped_c($0)
  next
}
function escaped_c(line,    at, text) {
  at = index(line, "*/")
  in_block = !at
  text = at ? substr(line, 1, at - 1) : line
  return escaped(text) substr(line, length(text) + 1)
}

# A line that is a comment of C, or begins one.
/^[ \t]*\/\*($|[^*])/ && !body {
  flush_block("")
  in_code = 0
  line = $0
  match(line, /^[ \t]*\/\*/)
  begin = substr(line, 1, RLENGTH)
  line = substr(line, RLENGTH + 1)
  if (!described) {
    print begin "* \\file"
    surplus = 1
    begin = " *"
  } else {
    begin = begin "*"
  }
  described = 1
  print begin escaped_c(line)
  next
}

# A line that is a comment.
/^[ \t]*\/\// {
  if (tail_column && index($0, "//") == tail_column && !waiting) {
    print substr($0, 1, tail_column - 1) "///<" escaped(substr($0, tail_column + 2))
  } else {
    tail_column = 0
    block[++waiting] = $0
  }
  next
}

# A line of code, or none.
{
  tail_column = 0
  if (!described) {
    described = 1
    if (waiting) print "/// \\file"
    surplus = waiting > 0
    flush_block("///")
  } else {
    flush_block(body || /^[ \t]*$/ || /^[ \t]*[}#]/ || /^ *(public|protected|private):/ ? "" : "///")
  }
  if (surplus && /^[ \t]*$/) {  # for the line that \file took
    surplus = 0
    next
  }
  at = comment_column($0)
  code = at ? substr($0, 1, at - 1) : $0
  inside = body
  follow_braces(code)
  in_code = 0
  if (!at || inside || body || code !~ /[;,A-Za-z0-9_] *$/ || code ~ /^[ \t]*#/) {
    print
  } else if (substr($0, at, 2) == "//") {
    tail_column = at
    print code "///<" escaped(substr($0, at + 2))
  } else if ($0 ~ /\*\/$/) {
    text = substr($0, at + 2)
    print code "/**<" escaped(substr(text, 1, length(text) - 2)) "*/"
  } else {
    print
  }
}

END { flush_block("") }
