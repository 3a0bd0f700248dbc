#pragma once

#include "attack/script.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace coroom::test {

/// The beginnings that most attackers have in common.
namespace attack {

std::string get(std::string_view target);
std::string upgrade(std::string_view target, std::string_view fields = "");

/// A client's frame of text, whole.
std::string text(std::string_view payload);

/// That many zeros, as permessage-deflate sends them.
std::string deflated_zeros(std::size_t size);

/// Comes by /chat into this room, and says these bytes.
AttackScript plain(std::string_view room, std::string says = "");

/// Comes by the Centrifuge protocol: `lines` follow its connect command.
AttackScript centrifuge(std::string_view lines);

}  // namespace attack

}  // namespace coroom::test
