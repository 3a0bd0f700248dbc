#pragma once

#include <boost/uuid/uuid.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace coroom {

namespace detail::moderation {
class ConnectionRegistry;
}

/// Selects connections for Moderation::kick() and the like.
class ConnectionFilter {
 public:
  /// Selects all connections of a user. An empty name selects none.
  static ConnectionFilter user(std::string name) {
    ConnectionFilter filter;
    filter.user_ = std::move(name);
    return filter;
  }

  /// Selects the connection with this ID (ClientInfo::client_id).
  static ConnectionFilter client(boost::uuids::uuid id) {
    ConnectionFilter filter;
    filter.client_ = id;
    return filter;
  }

  /// Excludes the connections with these IDs.
  ConnectionFilter except(std::vector<boost::uuids::uuid> clients) && {
    except_ = std::move(clients);
    return std::move(*this);
  }

 private:
  friend class detail::moderation::ConnectionRegistry;

  std::string user_;
  std::optional<boost::uuids::uuid> client_;
  std::vector<boost::uuids::uuid> except_;
};

}  // namespace coroom
