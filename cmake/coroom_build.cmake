# The compiler settings of all targets of the project. None of them affects a program that links coroom::coroom.

if(PROJECT_IS_TOP_LEVEL)
  find_program(COROOM_CCACHE ccache)
  if(COROOM_CCACHE)
    # ccache hashes a precompiled header only if it may ignore the header's time stamps.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        ${COROOM_CCACHE})
  endif()
  find_program(COROOM_MOLD mold)
  if(COROOM_MOLD)
    add_link_options(-fuse-ld=mold)
  endif()
endif()

if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # g++ accepts a precompiled header only with exactly the same definitions, and those of the targets differ.
  set(COROOM_PCH OFF)
endif()

add_library(coroom_flags INTERFACE)
target_compile_features(coroom_flags INTERFACE cxx_std_20)
target_compile_options(
  coroom_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
                         $<$<BOOL:${COROOM_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # Without it a precompiled header differs in every build, and the cache never hits for files that use it.
  target_compile_options(coroom_flags INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
else()
  # g++ 14 warns about Beast's read_close(), which fills the variable through a buffer that g++ does not analyse.
  target_compile_options(coroom_flags INTERFACE -Wno-maybe-uninitialized)
endif()
# A shared library may contain the archive. All targets have the same flag, since they share a precompiled header. A
# program of these objects is position-independent too.
target_compile_options(coroom_flags INTERFACE -fPIC)
if(COROOM_SANITIZE)
  # A report needs only the line numbers; more debugging information would slow down the build.
  add_compile_options(-fsanitize=${COROOM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -O1
                      -gline-tables-only)
  add_link_options(-fsanitize=${COROOM_SANITIZE})
  if(COROOM_FUZZ)
    # All code that a fuzzer links must report its coverage; other programs ignore that.
    add_compile_options(-fsanitize=fuzzer-no-link)
  endif()
  # Asio recycles coroutine frames; a recycled frame hides a use after free from AddressSanitizer.
  add_compile_definitions(BOOST_ASIO_DISABLE_SMALL_BLOCK_RECYCLING)
endif()

include(coroom_harden)

function(coroom_compile target)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:coroom_flags>)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  coroom_harden_links(${target})
endfunction()
