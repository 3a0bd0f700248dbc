#pragma once

#include "attack/script.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace coroom::test {

/// Scripts and bytes that most attackers share.
namespace attack {

std::string get(std::string_view target);
std::string upgrade(std::string_view target, std::string_view fields = "");

/// Returns a whole text frame of a client.
std::string text(std::string_view payload);

/// Returns this number of zeros, compressed as in permessage-deflate.
std::string deflated_zeros(std::size_t size);

/// A client that joins the room over /chat, then sends these bytes.
AttackScript plain(std::string_view room, std::string message = "");

/// A client of the Centrifuge protocol that sends `lines` behind its connect command.
AttackScript centrifuge(std::string_view lines);

}  // namespace attack

}  // namespace coroom::test
