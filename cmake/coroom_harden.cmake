# Hardens the targets of the project: a memory fault ends the program, instead of giving control to an attacker.
# scripts/check-hardening.py checks the result. Debug builds are not hardened, because _FORTIFY_SOURCE needs an
# optimiser. Neither are sanitizer builds, because sanitizers find more.
set(COROOM_HARDENED OFF)
if(COROOM_HARDEN AND NOT COROOM_SANITIZE AND CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo|MinSizeRel)$")
  set(COROOM_HARDENED ON)
  target_compile_options(
    coroom_flags
    INTERFACE -fstack-protector-strong
              -fstack-clash-protection
              -ftrivial-auto-var-init=zero
              -U_FORTIFY_SOURCE # some compilers predefine a lower level
              -D_FORTIFY_SOURCE=3
              -D_GLIBCXX_ASSERTIONS)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
    # The kernel applies it only if all parts of a program have it, libraries and the C start files included.
    target_compile_options(coroom_flags INTERFACE -fcf-protection)
  endif()
endif()

# Linker options of a static library would apply to programs that use it, so they are set on each program instead.
function(coroom_harden_links target)
  get_target_property(type ${target} TYPE)
  if(COROOM_HARDENED AND type STREQUAL "EXECUTABLE")
    target_link_options(${target} PRIVATE -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
  endif()
endfunction()
