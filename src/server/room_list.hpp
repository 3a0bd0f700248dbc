#pragma once

#include "auth/origin_policy.hpp"
#include "server/namespaces.hpp"

#include <coroom/application.hpp>

#include <memory>

namespace coroom::server {

/// Returns the endpoint /rooms: `{"rooms":[{"name":"lobby","people":3}],"public":true}`. It lists the fullest
/// rooms first, at most 100, out of those in the default namespace that ListedRooms accepts. `public` is
/// whether a client without a token may join such rooms and read their presence. If not, the list is empty:
/// it must not reveal more than a room does. `anonymous`: whether clients without a token may connect. The
/// list is at most a second old.
Route room_list_route(std::shared_ptr<const Namespaces> namespaces, bool anonymous,
                      detail::auth::OriginPolicy origins);

}  // namespace coroom::server
