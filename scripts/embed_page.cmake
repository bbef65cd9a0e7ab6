# Writes OUT, a C++ source that holds STYLE and SCRIPT as strings.
foreach(part STYLE SCRIPT)
  file(READ ${${part}} text)
  string(LENGTH "${text}" length)
  # Compilers need not accept string literals above 64 KiB.
  if(length GREATER 65000)
    message(FATAL_ERROR "${${part}} is too long for a string literal")
  endif()
  set(${part}_TEXT "${text}")
endforeach()
file(WRITE ${OUT}
"// Generated from src/report/page.css and page.js.
#include \"src/report/page_files.h\"

namespace ecg::report {

std::string_view PageStyle() { return R\"PAGE(${STYLE_TEXT})PAGE\"; }
std::string_view PageScript() { return R\"PAGE(${SCRIPT_TEXT})PAGE\"; }

}  // namespace ecg::report
")
