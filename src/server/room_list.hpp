#pragma once

#include "auth/origin_policy.hpp"
#include "server/namespaces.hpp"

#include <coroom/application.hpp>

#include <memory>

namespace coroom::server {

/// The endpoint /rooms: `{"rooms":[{"name":"lobby","people":3}],"public":true}`, the fullest first, 100 at
/// most, of the rooms in the default namespace that ListedRooms takes. `public` tells whether a stranger may
/// enter rooms of that namespace and finds them listed. It tells nothing of who is in a room that a stranger
/// could not read inside: none, unless who is `anonymous` may enter such rooms and see who is there. What is
/// told is a second old at most.
Route room_list_route(std::shared_ptr<const Namespaces> namespaces, bool anonymous,
                      detail::auth::OriginPolicy origins);

}  // namespace coroom::server
