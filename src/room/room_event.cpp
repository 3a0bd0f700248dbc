#include "room/room_event.hpp"

#include "core/insist.hpp"
#include "core/thrown.hpp"
#include "room/member.hpp"
#include "room/room_actor.hpp"

#include <boost/asio/post.hpp>

namespace coroom::detail::room::event {

Join::~Join() {
  if (!member) return;
  detail::insist("a join", [this] {
    boost::asio::post(member->home().executor(), [refused = member] { refused->refused(); });
  });
}

Publish::~Publish() {
  if (!done) return;
  const bool is_stopped = hold && hold->is_closed();
  detail::log_what_is_thrown("a completion handler threw", [&] {
    done(is_stopped ? failure(Errc::stopped, "the room has ended") : failure("the room failed"));
  });
}

}  // namespace coroom::detail::room::event
