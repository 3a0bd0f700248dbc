#pragma once

namespace coroom {

/// How what connections are sent reaches the kernel. As an option: `auto`, `epoll` or `io_uring`.
enum class IoBackend {
  automatic,  ///< io_uring where the kernel has it
  epoll,      ///< one system call for each connection
  io_uring    ///< one for many connections; listen() fails where the kernel does not have it
};

}  // namespace coroom
