# Writes OUTPUT, a header with the commit of SOURCE, if it is not so already. Run at every build, so
# that the program never names a commit that it was not built from.
set(commit "unknown")
if(EXISTS ${SOURCE}/.git)
  # A source archive unpacked inside another repository must not claim that one's commit.
  find_program(git git)
  if(git)
    execute_process(COMMAND ${git} -C ${SOURCE} describe --always --dirty --exclude=*
                    OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE
                    ERROR_QUIET RESULT_VARIABLE status)
    if(status EQUAL 0)
      set(commit "${described}")
    endif()
  endif()
endif()
set(text "#define DELTARULE_COMMIT \"${commit}\"\n#define DELTARULE_VERSION \"${VERSION}\"\n")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} before)
endif()
if(NOT "${before}" STREQUAL "${text}")
  file(WRITE ${OUTPUT} "${text}")
endif()
