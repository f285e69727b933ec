# deltarule_folder(NAME [LINKS library...]): the library of one folder, and the program of the tests
# beside its code. `LINKS` names only folders earlier in the list and what they need from outside.
function(deltarule_folder name)
  cmake_parse_arguments(folder "" "" "LINKS" ${ARGN})
  set(directory ${PROJECT_SOURCE_DIR}/deltarule/${name})
  file(GLOB sources CONFIGURE_DEPENDS ${directory}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")

  add_library(deltarule_${name} STATIC ${sources})
  target_include_directories(deltarule_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(deltarule_${name} PUBLIC ${folder_LINKS})

  if(DELTARULE_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE deltarule_${name} GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${name}_test TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60)
  endif()
endfunction()
