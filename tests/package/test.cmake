# Installs the library into an empty folder, then builds and runs the programs of this folder as a project of
# their own: cmake -DBUILD=… -DSOURCE=… -DCOMPILER=… -DFLAGS=… -P test.cmake

set(folder ${BUILD}/package-test)
file(REMOVE_RECURSE ${folder})
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

set(configure ${CMAKE_COMMAND} -G Ninja -S ${SOURCE}/tests/package -DCMAKE_CXX_COMPILER=${COMPILER}
              -DCMAKE_CXX_FLAGS=${FLAGS})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${folder}/installed)
run(${configure} -B ${folder}/by-package -DCMAKE_PREFIX_PATH=${folder}/installed)
run(${CMAKE_COMMAND} --build ${folder}/by-package)
run(${folder}/by-package/consumer)
run(${folder}/by-package/site)
run(${folder}/by-package/tested)
run(${folder}/by-package/embedded)
run(${folder}/by-package/names)
run(${folder}/by-package/version)

# A program with WebSockets alone has nothing of coroom::web.
function(expect_without pattern file)
  execute_process(COMMAND ${ARGN} ${file} OUTPUT_VARIABLE listed COMMAND_ERROR_IS_FATAL ANY)
  if(listed MATCHES "${pattern}")
    message(FATAL_ERROR "${file} contains or needs ${CMAKE_MATCH_0}")
  endif()
endfunction()
file(GLOB library ${folder}/installed/lib*/libcoroom.* ${folder}/installed/${LIBDIR}/libcoroom.*)
list(GET library 0 library)
foreach(file ${library} ${folder}/by-package/consumer)
  expect_without("mustache|coroom::detail::(web|templates)::|RequestHandler::(render|set_cookie|static_url)" ${file} nm --demangle)
endforeach()
expect_without("libcoroom-web" ${folder}/by-package/consumer ldd)

# With pkg-config and a direct call of the compiler.
function(pkg_config result)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${folder}/installed/lib/pkgconfig:${folder}/installed/${LIBDIR}/pkgconfig
            pkg-config ${ARGN}
    OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY OUTPUT_STRIP_TRAILING_WHITESPACE)
  separate_arguments(arguments UNIX_COMMAND "${output}")
  set(${result} ${arguments} PARENT_SCOPE)
endfunction()
pkg_config(flags --cflags --libs coroom)
pkg_config(web_flags --cflags --libs coroom-web)
pkg_config(version --modversion coroom)
separate_arguments(given UNIX_COMMAND "${FLAGS}")
set(compile ${COMPILER} -std=c++20 ${given} ${SOURCE}/tests/package/main.cpp)
run(${compile} -o ${folder}/by-hand ${flags})
run(${folder}/by-hand)
run(${COMPILER} -std=c++20 ${given} ${SOURCE}/tests/package/site.cpp -o ${folder}/site-by-hand -lcoroom-testing ${web_flags})
run(${folder}/site-by-hand)
run(${COMPILER} -std=c++20 "-DPACKAGE_VERSION=\"${version}\"" ${SOURCE}/tests/package/version.cpp -o
    ${folder}/version-by-hand -I${folder}/installed/include)
run(${folder}/version-by-hand)

# The linker detects and names a configuration of Asio that differs from that of the library.
execute_process(
  COMMAND ${compile} -DBOOST_ASIO_HAS_IO_URING -DBOOST_ASIO_DISABLE_EPOLL -o ${folder}/mismatch ${flags} -luring
  ERROR_VARIABLE errors RESULT_VARIABLE status)
if(status EQUAL 0 OR NOT errors MATCHES "asio_without_epoll")
  message(FATAL_ERROR "a program with another configuration of Asio is linked: ${errors}")
endif()

# As a part of another build the library is only configured. To compile it again would test nothing new.
run(${configure} -B ${folder}/by-subdirectory -DCOROOM_SOURCE=${SOURCE})
