#pragma once

#include <coroom/connection_handle.hpp>
#include <coroom/error.hpp>

#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace coroom::detail::centrifuge {

/// The clients that use a stream in place of a WebSocket, by session. Their commands arrive in separate
/// requests. Any thread.
class Emulation {
 public:
  Emulation();

  /// Registers a stream and returns the id of its session, a secret between the client and the server.
  std::string open(ConnectionHandle stream);
  void close(const std::string& session);

  /// Passes commands of a client to its stream. Fails if there is no such session here.
  Result<> receive(std::string_view session, std::string commands);

  /// Returns the id of this server among the servers that a client may reach.
  [[nodiscard]] const std::string& node() const { return node_; }

 private:
  std::string node_;
  std::mutex mutex_;
  std::map<std::string, ConnectionHandle, std::less<>> streams_;
};

}  // namespace coroom::detail::centrifuge
