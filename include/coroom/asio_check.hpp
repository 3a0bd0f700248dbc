#pragma once

#include <boost/asio/detail/config.hpp>

/// Asio differs by macros that a program may define. The library and the program have to agree on them, since
/// both have the same types of Asio in them. Each header of coroom refers to names that say how Asio is
/// configured, and the library defines those that it was built with: a program that differs is not linked,
/// and the linker names the difference.

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
