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
run(${folder}/by-package/embedded)

# As a part of another build it is only configured: to compile it all again would show nothing new.
run(${configure} -B ${folder}/by-subdirectory -DCOROOM_SOURCE=${SOURCE})
