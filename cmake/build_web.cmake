# Run with -P: WEB is the folder, NPM the program. Build folders share web/, so they take turns.
file(MAKE_DIRECTORY ${WEB}/dist)
file(LOCK ${WEB}/dist DIRECTORY GUARD PROCESS TIMEOUT 600)

function(run_npm)
  execute_process(COMMAND ${NPM} ${ARGN} WORKING_DIRECTORY ${WEB} RESULT_VARIABLE status
                  OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    string(REPLACE ";" " " words "${ARGN}")
    message(FATAL_ERROR "npm ${words} failed in ${WEB}:\n${output}")
  endif()
endfunction()

# npm writes this file last, so it tells a whole installation from a broken one.
set(installed ${WEB}/node_modules/.package-lock.json)
if(NOT EXISTS ${installed} OR ${WEB}/package-lock.json IS_NEWER_THAN ${installed})
  run_npm(ci)
  file(TOUCH ${installed})
endif()
run_npm(run build)
