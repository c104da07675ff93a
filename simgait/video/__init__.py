"""Video to `Recording`: decode, detect, follow people, know the camera, lift into space.

    clip = open_clip(path)                         decode
    watched = watch(frames(clip), detector)        people, by the detector
    walker = choose_walker(watched)                people
    camera = choose_camera(...)                    camera
    lifted = lift(track, camera)                   lift
    recording = extract(path, ...)                 extract: all of these

Pictures stay in memory and on this machine: what is kept of them are points.
"""
