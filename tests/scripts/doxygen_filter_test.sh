#!/usr/bin/env bash
# scripts/doxygen_filter.awk turns each kind of comment into what it should be, and leaves the others.
set -euo pipefail
filter=$(cd "$(dirname "$0")/../.." && pwd)/scripts/doxygen_filter.awk
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# expect NAME: standard input is a file of that name, a line "----", and what becomes of it.
expect() {
  awk -v before="$scratch/$1" -v after="$scratch/wanted" \
    '/^----$/ { second = 1; next } { print > (second ? after : before) }'
  awk -f "$filter" "$scratch/$1" | diff "$scratch/wanted" - >&2 ||
    { echo "doxygen_filter_test.sh: $1 differs (<: wanted)" >&2; exit 1; }
}

expect declarations.h <<'END'
// What the file holds.
// More of it.
#pragma once

#include <string>  // for names

// Of several things that follow.

// 95 % of `#Dx` lines, as in <id>.csv, --help and user@host\share.
void One(const char* text = "// no comment");  // behind it

// A struct.
struct Two {
  int x = 0;  // starts here
              // and goes on
  // Of the next one.
  int y = 0;
  char c = '"';  // a quote

  // Sections have no text.
 public:
  bool Inline() const {
    // In a body.
    return x > 0;  // in a body too
  }
};

/// \ref Two stays.
int Three();

}  // namespace
----
/// \file
/// What the file holds.
/// More of it.
#pragma once
#include <string>  // for names

// Of several things that follow.

/// 95 \% of `#Dx` lines, as in \<id\>.csv, \--help and user\@host\\share.
void One(const char* text = "// no comment");  ///< behind it

/// A struct.
struct Two {
  int x = 0;  ///< starts here
              ///< and goes on
  /// Of the next one.
  int y = 0;
  char c = '"';  ///< a quote

  // Sections have no text.
 public:
  bool Inline() const {
    // In a body.
    return x > 0;  // in a body too
  }
};

/// \ref Two stays.
int Three();

}  // namespace
END

expect c.h <<'END'
/* What the file holds,
 * at a length of 100 %. */
#ifndef C_H

enum {
  A = 1, /* the first */
  B = 2  /* the second */
};
/* Of C. */
void C(int a /*unused*/, int b);
----
/** \file
 * What the file holds,
 * at a length of 100 \%. */
#ifndef C_H
enum {
  A = 1, /**< the first */
  B = 2  /**< the second */
};
/** Of C. */
void C(int a /*unused*/, int b);
END

expect text.md <<'END'
See [data/README.md](data/README.md), [LICENSE](LICENSE) and [a page](https://example.org/x).
----
See data/README.md, LICENSE and [a page](https://example.org/x).
END
