# The report's script and style: built from web/ by npm when an input changes, and embedded in the
# library by the assembler, which is fast for a megabyte.
find_program(NPM_PROGRAM npm REQUIRED)

set(web ${PROJECT_SOURCE_DIR}/web)
file(GLOB web_sources CONFIGURE_DEPENDS ${web}/src/*)
set(report_assets ${web}/dist/report.js ${web}/dist/report.css)

add_custom_command(
  OUTPUT ${report_assets}
  COMMAND ${CMAKE_COMMAND} -D WEB=${web} -D NPM=${NPM_PROGRAM}
          -P ${PROJECT_SOURCE_DIR}/cmake/build_web.cmake
  DEPENDS ${web_sources} ${web}/package.json ${web}/package-lock.json ${web}/.npmrc
          ${web}/tsconfig.json ${web}/build.mjs ${PROJECT_SOURCE_DIR}/cmake/build_web.cmake
  COMMENT "Bundling the report's script and style"
  VERBATIM)

set(assembly ${PROJECT_BINARY_DIR}/report_assets.S)
configure_file(${PROJECT_SOURCE_DIR}/cmake/report_assets.S.in ${assembly} @ONLY)
set_source_files_properties(${assembly} PROPERTIES OBJECT_DEPENDS "${report_assets}")
target_sources(deltarule_report PRIVATE ${assembly})
