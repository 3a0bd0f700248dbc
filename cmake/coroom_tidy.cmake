# `tidy` checks every file that the configuration compiles. It uses the precompiled headers and the build's record of
# dependencies, so the build must come first (the workflow preset "tidy" does both).

if(NOT PROJECT_IS_TOP_LEVEL OR NOT CMAKE_EXPORT_COMPILE_COMMANDS OR COROOM_SANITIZE)
  return()
endif()
find_package(Python3 COMPONENTS Interpreter)
find_program(COROOM_TIDY NAMES clang-tidy-19)
find_path(COROOM_TIDY_INCLUDE clang-tidy/ClangTidyCheck.h PATHS /usr/lib/llvm-19/include)
find_path(COROOM_LLVM_INCLUDE llvm/ADT/StringRef.h PATHS /usr/lib/llvm-19/include)
if(NOT Python3_FOUND OR NOT COROOM_TIDY OR NOT COROOM_TIDY_INCLUDE OR NOT COROOM_LLVM_INCLUDE)
  return()
endif()

add_library(coroom_own_code MODULE ${PROJECT_SOURCE_DIR}/scripts/tidy/own_code.cpp)
target_include_directories(coroom_own_code SYSTEM PRIVATE ${COROOM_TIDY_INCLUDE} ${COROOM_LLVM_INCLUDE})
target_compile_features(coroom_own_code PRIVATE cxx_std_17)
target_compile_options(coroom_own_code PRIVATE -fno-rtti) # like clang-tidy itself

add_custom_target(
  tidy
  COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/scripts/tidy/tidy.py ${PROJECT_BINARY_DIR} ${COROOM_TIDY}
          $<TARGET_FILE:coroom_own_code>
  DEPENDS coroom_own_code
  USES_TERMINAL VERBATIM)

if(COROOM_TESTS)
  add_test(NAME tidy.own_code COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tests/tidy/own_code_test.py
                                      ${COROOM_TIDY} $<TARGET_FILE:coroom_own_code>)
endif()
