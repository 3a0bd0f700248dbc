#pragma once

namespace coroom {

/// The interface by which data is sent to the kernel. As an option: `auto`, `epoll` or `io_uring`.
enum class IoBackend {
  automatic,  ///< io_uring if the kernel has it, else epoll
  epoll,      ///< one system call for each connection
  io_uring    ///< one system call for many connections; listen() fails if the kernel does not have it
};

}  // namespace coroom
