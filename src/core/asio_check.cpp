#include <coroom/asio_check.hpp>

namespace coroom::detail {

const char COROOM_ASIO_REACTOR = 1;
const char COROOM_ASIO_FILES = 1;
const char COROOM_ASIO_THREADS = 1;

}  // namespace coroom::detail
