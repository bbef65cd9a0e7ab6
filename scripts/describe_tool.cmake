# Writes what TOOL says of itself: a manual page to MAN, completions for shells to BASH and ZSH.
foreach(form MAN BASH ZSH)
  string(TOLOWER ${form} name)
  execute_process(COMMAND ${TOOL} --describe-as ${name} OUTPUT_VARIABLE text RESULT_VARIABLE status
                  ERROR_VARIABLE errors)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${TOOL} --describe-as ${name}: ${status}\n${errors}")
  endif()
  file(WRITE ${${form}} "${text}")
endforeach()
