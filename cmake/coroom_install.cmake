# cmake --install: the libraries with their headers and package files, and the server.
include(CMakePackageConfigHelpers)

install(TARGETS coroom_library coroom_web coroom_testing EXPORT coroom-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/coroom ${PROJECT_BINARY_DIR}/include/coroom
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(COROOM_SERVER)
  install(TARGETS coroom-server RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  # The prefix is known only at the installation, because cmake --install has the flag --prefix.
  install(CODE "
    set(COROOM_PROGRAM \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/coroom\")
    configure_file(${PROJECT_SOURCE_DIR}/scripts/systemd/coroom.service.in ${PROJECT_BINARY_DIR}/coroom.service @ONLY)")
  install(FILES ${PROJECT_BINARY_DIR}/coroom.service DESTINATION lib/systemd/system)
endif()

# For builds that use pkg-config. A program that links the archive must link its dependencies as well.
if(BUILD_SHARED_LIBS)
  set(COROOM_PC_REQUIRES Requires.private)
else()
  set(COROOM_PC_REQUIRES Requires)
  set(COROOM_PC_LIBS " -lboost_program_options -lboost_url -pthread")
endif()
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/pkgconfig
           OUTPUT_VARIABLE COROOM_PREFIX_FROM_PC)
configure_file(${PROJECT_SOURCE_DIR}/cmake/coroom.pc.in ${PROJECT_BINARY_DIR}/coroom.pc @ONLY)
configure_file(${PROJECT_SOURCE_DIR}/cmake/coroom-web.pc.in ${PROJECT_BINARY_DIR}/coroom-web.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/coroom.pc ${PROJECT_BINARY_DIR}/coroom-web.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/coroom)
install(EXPORT coroom-targets NAMESPACE coroom:: DESTINATION ${package_dir})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/coroom-config.cmake.in
                              ${PROJECT_BINARY_DIR}/coroom-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/coroom-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/coroom-config.cmake ${PROJECT_BINARY_DIR}/coroom-config-version.cmake
        DESTINATION ${package_dir})
