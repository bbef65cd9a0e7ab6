# Installs BUILD into a scratch folder, builds the programs in SOURCE against it, and runs them.
# GENERATOR, CXX: what BUILD was made with; TORCH: whether it has ecg_torch; EXAMPLES,
# MODEL: programs to build too, and the bundle to run them with.
set(scratch ${BUILD}/consumer)
file(REMOVE_RECURSE ${scratch})
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}\n${text}")
  endif()
endfunction()
# The tree works wherever it is moved.
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${scratch}/first)
file(RENAME ${scratch}/first ${scratch}/prefix)
run(${CMAKE_COMMAND} -G ${GENERATOR} -S ${SOURCE} -B ${scratch}/build -DCMAKE_CXX_COMPILER=${CXX}
    -DCMAKE_PREFIX_PATH=${scratch}/prefix -DTORCH=${TORCH}
    -DEXAMPLES=${EXAMPLES} -DMODEL=${MODEL})
run(${CMAKE_COMMAND} --build ${scratch}/build)
run(${CMAKE_CTEST_COMMAND} --test-dir ${scratch}/build --output-on-failure --no-tests=error)

# Every program runs, and has its manual and its completions beside it.
set(prefix ${scratch}/prefix)
file(GLOB programs RELATIVE ${prefix}/bin ${prefix}/bin/*)
list(LENGTH programs count)
if(count LESS 5)
  message(FATAL_ERROR "only ${programs} are installed")
endif()
find_program(BASH bash)
foreach(program IN LISTS programs)
  run(${prefix}/bin/${program} --help)
  foreach(file share/man/man1/${program}.1 share/bash-completion/completions/${program}
               share/zsh/site-functions/_${program})
    if(NOT EXISTS ${prefix}/${file})
      message(FATAL_ERROR "${file} is not installed")
    endif()
  endforeach()
  if(BASH)
    run(${BASH} -n ${prefix}/share/bash-completion/completions/${program})
  endif()
endforeach()
foreach(file share/doc/ecg/LICENSE share/ecg/configs/small.json)
  if(NOT EXISTS ${prefix}/${file})
    message(FATAL_ERROR "${file} is not installed")
  endif()
endforeach()
if(TORCH)
  run(${prefix}/bin/ecgtrain --config ${prefix}/share/ecg/configs/small.json --data .
      --print-config)
endif()
execute_process(COMMAND ${prefix}/bin/ecgpredict --list-models OUTPUT_VARIABLE models)
if(NOT models MATCHES "${prefix}/share/ecg/models/")
  message(FATAL_ERROR "the models that ship are not those installed:\n${models}")
endif()

# Programs that are built by pkg-config alone.
find_program(PKG_CONFIG pkg-config)
function(build_by_pkg_config package program)
  file(GLOB_RECURSE description ${prefix}/*/${package}.pc)
  cmake_path(GET description PARENT_PATH folder)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${folder}
                          ${PKG_CONFIG} --cflags --libs ${package}
                  OUTPUT_VARIABLE words RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "pkg-config does not find ${package} in ${folder}")
  endif()
  separate_arguments(words UNIX_COMMAND ${words})
  cmake_path(GET folder PARENT_PATH libraries)
  run(${ARGN} -o ${scratch}/${program} ${words} -Wl,-rpath,${libraries})
endfunction()
if(PKG_CONFIG)
  build_by_pkg_config(ecg_core by_pkg_config ${CXX} -std=c++17 ${SOURCE}/main.cpp)
  run(${scratch}/by_pkg_config)
  # As C: the interface's header is C, and the library brings what else it needs.
  build_by_pkg_config(ecg classify_c ${CXX} -x c ${EXAMPLES}/classify.c -lm)
  run(${scratch}/classify_c ${MODEL})
endif()
