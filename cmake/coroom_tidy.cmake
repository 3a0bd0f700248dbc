# `tidy` looks through every file that the configuration compiles. It takes half as long with the precompiled headers,
# so the build comes first (the workflow preset "tidy" does both).

if(NOT PROJECT_IS_TOP_LEVEL OR NOT CMAKE_EXPORT_COMPILE_COMMANDS)
  return()
endif()
find_program(COROOM_TIDY_ALL NAMES run-clang-tidy-19 run-clang-tidy)
find_program(COROOM_TIDY NAMES clang-tidy-19 clang-tidy)
if(COROOM_TIDY_ALL AND COROOM_TIDY)
  add_custom_target(
    tidy
    COMMAND ${COROOM_TIDY_ALL} -quiet -p ${PROJECT_BINARY_DIR} -clang-tidy-binary ${COROOM_TIDY}
            -source-filter "${PROJECT_SOURCE_DIR}/(src|tests|bench|examples)/"
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    USES_TERMINAL VERBATIM)
endif()
