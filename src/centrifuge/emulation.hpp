#pragma once

#include <coroom/connection_handle.hpp>
#include <coroom/error.hpp>

#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace coroom::detail::centrifuge {

/// The clients that have a stream in place of a WebSocket, by session: what they say comes by requests of its
/// own. Any thread.
class Emulation {
 public:
  Emulation();

  /// Names a stream's session: a secret between it and the server.
  std::string open(ConnectionHandle stream);
  void close(const std::string& session);

  /// Passes on what a client says. An error: there is no such session here.
  Result<> receive(std::string_view session, std::string commands);

  /// Names this server among others that one client may reach.
  [[nodiscard]] const std::string& node() const { return node_; }

 private:
  std::string node_;
  std::mutex mutex_;
  std::map<std::string, ConnectionHandle, std::less<>> streams_;
};

}  // namespace coroom::detail::centrifuge
