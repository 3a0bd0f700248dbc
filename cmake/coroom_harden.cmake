# Compiles and links our own targets so that a fault in memory ends the program rather than gives it away;
# scripts/check-hardening.py looks whether a program is so. A debug build goes without, since _FORTIFY_SOURCE
# needs an optimiser, and sanitizers find more than all of this.
set(COROOM_HARDENED OFF)
if(COROOM_HARDEN AND NOT COROOM_SANITIZE AND CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo|MinSizeRel)$")
  set(COROOM_HARDENED ON)
  target_compile_options(
    coroom_flags
    INTERFACE -fstack-protector-strong
              -fstack-clash-protection
              -ftrivial-auto-var-init=zero
              -U_FORTIFY_SOURCE # some compilers define a lower level by themselves
              -D_FORTIFY_SOURCE=3
              -D_GLIBCXX_ASSERTIONS)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
    # The kernel heeds it only in a program whose every part is compiled so, libraries and C's start files too.
    target_compile_options(coroom_flags INTERFACE -fcf-protection)
  endif()
endif()

# Options of the linker would reach programs through a static library, so they are those of each program of ours.
function(coroom_harden_links target)
  get_target_property(type ${target} TYPE)
  if(COROOM_HARDENED AND type STREQUAL "EXECUTABLE")
    target_link_options(${target} PRIVATE -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
  endif()
endfunction()
