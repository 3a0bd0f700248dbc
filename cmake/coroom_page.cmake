# The web client: built by npm from assets/, then embedded. Sets COROOM_EMBEDDED_SOURCE.
set(web_dir ${PROJECT_BINARY_DIR}/web)
set(COROOM_EMBEDDED_SOURCE ${PROJECT_BINARY_DIR}/embedded_assets.cpp)
set(web_sources "")

if(COROOM_WEB)
  set(assets_dir ${PROJECT_SOURCE_DIR}/assets)
  find_program(COROOM_NPM npm REQUIRED)
  file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS ${assets_dir}/src/*)
  list(APPEND web_sources ${assets_dir}/build.mjs ${assets_dir}/lean_sdk.mjs ${assets_dir}/tsconfig.json ${assets_dir}/package.json ${assets_dir}/package-lock.json)
  set(web_commands COMMAND ${CMAKE_COMMAND} -E chdir ${assets_dir} ${COROOM_NPM} run --silent build -- --outdir=${web_dir})
  if(NOT EXISTS ${assets_dir}/node_modules)
    list(PREPEND web_commands COMMAND ${CMAKE_COMMAND} -E chdir ${assets_dir} ${COROOM_NPM} ci --no-audit --no-fund
         --loglevel=error)
  endif()
endif()

add_custom_command(
  OUTPUT ${COROOM_EMBEDDED_SOURCE}
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${web_dir}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${web_dir}
  ${web_commands}
  COMMAND ${CMAKE_COMMAND} -DFOLDER=${web_dir} -DOUTPUT=${COROOM_EMBEDDED_SOURCE} -P
          ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
  DEPENDS ${web_sources} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
  COMMENT "Building the web client"
  VERBATIM)

# Each file is one string literal. It is longer than the standard requires, but the supported compilers accept it.
set_source_files_properties(${COROOM_EMBEDDED_SOURCE} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
