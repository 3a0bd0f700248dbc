#pragma once

#include <coroom/disconnect.hpp>
#include <coroom/error.hpp>
#include <coroom/message.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace coroom {

class StreamHandler;
namespace detail::application {
class ConnectionRef;
class Session;
}  // namespace detail::application

/// A handle of one handler's connection, for the rest of the program (ConnectionHandler::connection()). A
/// handler's own calls belong to one thread; any thread may use its handle. It is cheap to copy, and may
/// outlive the connection and the application. It can be hashed. A default-constructed handle is of a closed
/// connection.
class ConnectionHandle {
 public:
  ConnectionHandle() = default;

  // NOLINTBEGIN(modernize-use-nodiscard): a loop over handles need not care which connections have ended.

  /// Sends a message without waiting. A client that takes less than it is sent is a slow
  /// consumer (ConnectionHandler::slow_consumer()). Messages of one thread arrive in their order.
  /// Errors: Errc::closed, and Errc::invalid_text; then nothing is sent.
  Result<> write_message(const Message& message) const;

  /// Closes the connection as ConnectionHandler::close() does; does nothing if it has ended.
  Result<> close(std::uint16_t code = close_code::normal, std::string_view reason = {}) const;

  // NOLINTEND(modernize-use-nodiscard)

  /// Compare whether both are handles of one connection. The order has no meaning.
  ///@{
  friend bool operator==(const ConnectionHandle&, const ConnectionHandle&) = default;
  friend std::strong_ordering operator<=>(const ConnectionHandle& one, const ConnectionHandle& other) {
    return one.ref_ <=> other.ref_;
  }
  ///@}

 private:
  friend class detail::application::Session;
  friend class StreamHandler;
  friend struct std::hash<ConnectionHandle>;

  explicit ConnectionHandle(std::shared_ptr<detail::application::ConnectionRef> ref) : ref_(std::move(ref)) {}

  std::shared_ptr<detail::application::ConnectionRef> ref_;
};

}  // namespace coroom

/// @cond
// Hashes handles, for unordered containers.
template <>
struct std::hash<coroom::ConnectionHandle> {
  std::size_t operator()(const coroom::ConnectionHandle& handle) const noexcept {
    return std::hash<std::shared_ptr<coroom::detail::application::ConnectionRef>>()(handle.ref_);
  }
};
/// @endcond
