"""What every lesson is built with. The kit never knows a lesson."""
