# Writes OUT, a C++ source that holds each file of TABLES as a string, by file name.
set(entries "")
foreach(table IN LISTS TABLES)
  get_filename_component(name ${table} NAME)
  file(READ ${table} text)
  # Compilers need not accept string literals above 64 KiB; the tables are far smaller.
  string(APPEND entries "    {\"${name}\", R\"TABLE(${text})TABLE\"},\n")
endforeach()
file(WRITE ${OUT}
"// Generated from data/*.csv.
#include \"src/challenge/tables.h\"

namespace ecg::challenge {

std::string_view TableText(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kTables[] = {
${entries}  };
  for (const auto& [table, text] : kTables) {
    if (table == name) return text;
  }
  return {};
}

}  // namespace ecg::challenge
")
