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
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${scratch}/prefix)
run(${CMAKE_COMMAND} -G ${GENERATOR} -S ${SOURCE} -B ${scratch}/build -DCMAKE_CXX_COMPILER=${CXX}
    -DCMAKE_PREFIX_PATH=${scratch}/prefix -DTORCH=${TORCH}
    -DEXAMPLES=${EXAMPLES} -DMODEL=${MODEL})
run(${CMAKE_COMMAND} --build ${scratch}/build)
run(${CMAKE_CTEST_COMMAND} --test-dir ${scratch}/build --output-on-failure --no-tests=error)
run(${scratch}/prefix/bin/ecgscore --help)
