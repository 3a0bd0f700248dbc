#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>

namespace coroom::detail::room {

class Member;
class RoomActor;

/// Count the holds of a room. Any thread may call them. The last release ends the room.
///@{
void intrusive_ptr_add_ref(const RoomActor* room) noexcept;
void intrusive_ptr_release(RoomActor* room) noexcept;
///@}

/// Count the owners of a member. Any thread may call them. The last release destroys the member.
///@{
void intrusive_ptr_add_ref(const Member* member) noexcept;
void intrusive_ptr_release(const Member* member) noexcept;
///@}

/// Keeps a room open.
using RoomHold = boost::intrusive_ptr<RoomActor>;

using MemberPtr = boost::intrusive_ptr<Member>;

}  // namespace coroom::detail::room
