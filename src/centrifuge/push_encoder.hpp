#pragma once

#include "centrifuge/encoding.hpp"
#include "centrifuge/tag_filter.hpp"

#include <coroom/publication.hpp>

#include <memory>

namespace coroom::detail::centrifuge {

/// Returns the encoder that writes each publication as a push, in a message of its own. `joins`: joins and
/// leaves too. With a filter, only publications that match it. Equal arguments give the same encoder while
/// one is in use, so that a room encodes for all its users at once. Any thread.
std::shared_ptr<const Encoder> push_encoder(Encoding encoding, bool joins, TagFilterPtr filter = nullptr);

}  // namespace coroom::detail::centrifuge
