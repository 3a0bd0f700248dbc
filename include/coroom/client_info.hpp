#pragma once

#include <boost/uuid/uuid.hpp>

#include <memory>
#include <string>
#include <utility>

namespace coroom {

/// Who acts in a room.
struct ClientInfo {
  ClientInfo() = default;

  /// A connection from this address; nothing else is known of it.
  explicit ClientInfo(std::string from) : address(std::move(from)) {}

  std::string address;  ///< of the client, as the server sees it; a proxy's word counts where it is trusted
  boost::uuids::uuid client_id{};  ///< names the connection; nil: it stands in no list of members
  std::string user;                ///< whose connection it is, one of several perhaps; empty: anonymous
  std::string conn_info;           ///< JSON: what the server knows of the connection; empty: nothing
  std::string chan_info;           ///< JSON: what it knows of it in this room; empty: nothing
  bool guest = false;              ///< nobody vouches for the user, who may be a new one at any time
  bool hides_address = false;      ///< members are never shown the address, by no encoder of the server

  /// Whether the rules of rooms take it for a connection without a user.
  [[nodiscard]] bool is_anonymous() const { return user.empty() || guest; }
};

/// One author of many publications.
using SharedClientInfo = std::shared_ptr<const ClientInfo>;

/// A name for a connection that no other has.
boost::uuids::uuid new_client_id();

}  // namespace coroom
