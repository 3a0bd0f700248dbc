#pragma once

#include <boost/uuid/uuid.hpp>

#include <memory>
#include <string>

namespace coroom {

/// The facts that a server knows of a client, as other members and moderators see them.
struct ClientInfo {
  std::string address =
      {};  ///< of the client as the server sees it; from a trusted proxy's fields if there is one
  boost::uuids::uuid client_id = {};  ///< names the connection; nil: it is in no list of members
  std::string user = {};       ///< the ID of the user, who may have several connections; empty: anonymous
  std::string conn_info = {};  ///< JSON of the connection, as its token has it; empty: none
  std::string chan_info = {};  ///< JSON of the connection in one room; empty: none
  std::string meta = {};       ///< JSON of the connection for the program, as its token has it; shown to no
                               ///< client; empty: none
  bool guest = false;          ///< the user ID is self-chosen: a client may take a new one at any time
  bool hides_address = false;  ///< no encoder of the server shows the address to members

  /// Returns whether the rules of rooms treat the client as one without a user.
  [[nodiscard]] bool is_anonymous() const { return user.empty() || guest; }
};

/// The info of one client, shared by its publications.
using SharedClientInfo = std::shared_ptr<const ClientInfo>;

/// Returns a client ID that no other connection has.
boost::uuids::uuid new_client_id();

}  // namespace coroom
