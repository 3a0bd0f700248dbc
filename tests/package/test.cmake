# Installs the library into an empty folder, builds the consumer against it as a project of its own, and runs
# it: cmake -DBUILD=… -DSOURCE=… -DCOMPILER=… -DFLAGS=… -P test.cmake

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
run(${folder}/by-package/tested)
run(${folder}/by-package/embedded)
run(${folder}/by-package/names)
run(${folder}/by-package/version)

# By pkg-config, as a compiler is called by hand.
execute_process(
  COMMAND ${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${folder}/installed/lib/pkgconfig:${folder}/installed/${LIBDIR}/pkgconfig
          pkg-config --cflags --libs coroom
  OUTPUT_VARIABLE flags COMMAND_ERROR_IS_FATAL ANY OUTPUT_STRIP_TRAILING_WHITESPACE)
separate_arguments(flags UNIX_COMMAND "${flags}")
separate_arguments(given UNIX_COMMAND "${FLAGS}")
set(compile ${COMPILER} -std=c++20 ${given} ${SOURCE}/tests/package/main.cpp)
run(${compile} -o ${folder}/by-hand ${flags})
run(${folder}/by-hand)
execute_process(
  COMMAND ${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${folder}/installed/lib/pkgconfig:${folder}/installed/${LIBDIR}/pkgconfig
          pkg-config --modversion coroom
  OUTPUT_VARIABLE version COMMAND_ERROR_IS_FATAL ANY OUTPUT_STRIP_TRAILING_WHITESPACE)
run(${COMPILER} -std=c++20 "-DPACKAGE_VERSION=\"${version}\"" ${SOURCE}/tests/package/version.cpp -o
    ${folder}/version-by-hand -I${folder}/installed/include)
run(${folder}/version-by-hand)

# Another configuration of Asio than the library has is seen by the linker, which names it.
execute_process(
  COMMAND ${compile} -DBOOST_ASIO_HAS_IO_URING -DBOOST_ASIO_DISABLE_EPOLL -o ${folder}/mismatch ${flags} -luring
  ERROR_VARIABLE told RESULT_VARIABLE status)
if(status EQUAL 0 OR NOT told MATCHES "asio_without_epoll")
  message(FATAL_ERROR "a program with another Asio than the library's is linked: ${told}")
endif()

# As a part of another build it is only configured: to compile it all again would show nothing new.
run(${configure} -B ${folder}/by-subdirectory -DCOROOM_SOURCE=${SOURCE})
