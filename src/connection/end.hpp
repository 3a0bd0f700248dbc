#pragma once

#include <coroom/disconnect.hpp>

#include <string>

namespace coroom::detail::connection {

/// The end of a connection, for its handler and the log.
struct End {
  enum class Kind {
    closed,    ///< by a close frame of either side, or by the end of the stream
    violated,  ///< the client broke the protocol or a limit, and got a close frame
    lost       ///< the connection broke, or the client stopped answering
  };

  Kind kind = Kind::lost;
  Disconnect disconnect = {};
  std::string cause = {};  ///< for the log
};

}  // namespace coroom::detail::connection
