#pragma once

#include <boost/asio/detail/config.hpp>

/// The types of Asio depend on macros that a program may define. The library and the program share these
/// types, and so must agree on the macros. Each header of coroom refers to symbols that name the
/// configuration of Asio, and the library defines the symbols of its own configuration. A program with
/// another configuration does not link, and the linker names the difference.

#ifdef BOOST_ASIO_HAS_EPOLL
#define COROOM_ASIO_REACTOR asio_with_epoll
#else
#define COROOM_ASIO_REACTOR asio_without_epoll
#endif
#ifdef BOOST_ASIO_HAS_IO_URING
#define COROOM_ASIO_FILES asio_with_io_uring
#else
#define COROOM_ASIO_FILES asio_without_io_uring
#endif
#ifdef BOOST_ASIO_HAS_THREADS
#define COROOM_ASIO_THREADS asio_with_threads
#else
#define COROOM_ASIO_THREADS asio_without_threads
#endif

namespace coroom::detail {

extern const char COROOM_ASIO_REACTOR;
extern const char COROOM_ASIO_FILES;
extern const char COROOM_ASIO_THREADS;

[[gnu::used]] inline const char* const asio_reactor = &COROOM_ASIO_REACTOR;
[[gnu::used]] inline const char* const asio_files = &COROOM_ASIO_FILES;
[[gnu::used]] inline const char* const asio_threads = &COROOM_ASIO_THREADS;

}  // namespace coroom::detail
