#version 330
uniform vec3 floor_colour, wall_colour, sun, light;
uniform float ambient;
uniform int floor_kind;
uniform bool bricks;
in vec3 at, facing;
flat in float what;
out vec4 colour;
NOISE

vec3 floor_paint() {
    vec3 paint = floor_colour * (0.75 + 0.5 * grain(4.0 * at));
    if (floor_kind == 0) {
        vec2 joint = abs(fract(1.6 * at.xy) - 0.5);
        return paint * (max(joint.x, joint.y) > 0.485 ? 0.7 : 1.0);
    }
    if (floor_kind == 1) {
        float plank = floor(7.0 * at.y);
        float board = floor(0.9 * at.x + 3.0 * hash(vec3(plank, 1.0, 1.0)));
        return paint * (0.7 + 0.5 * hash(vec3(plank, board, 2.0))) * (0.85 + 0.3 * grain(vec3(3.0 * at.x, 60.0 * at.y, 1.0)));
    }
    return paint * (0.55 + 0.9 * grain(35.0 * at));
}

vec3 wall_paint() {
    vec3 paint = wall_colour * (0.85 + 0.3 * grain(1.3 * at)) * (at.z < 0.1 ? 0.6 : 1.0);
    if (!bricks) {
        return paint;
    }
    vec2 brick = vec2(at.x + at.y, at.z) * vec2(3.5, 7.0);
    brick.x += 0.5 * mod(floor(brick.y), 2.0);
    vec2 within = fract(brick);
    return paint * (0.7 + 0.5 * hash(vec3(floor(brick), 3.0))) * (within.x < 0.05 || within.y < 0.1 ? 0.7 : 1.0);
}

vec3 thing_paint() {
    vec3 paint = vec3(hash(vec3(what, 1.0, 2.0)), hash(vec3(what, 5.0, 3.0)), hash(vec3(what, 7.0, 9.0)));
    return (0.05 + 0.7 * paint) * (0.7 + 0.6 * grain(4.0 * at + what));
}

void main() {
    vec3 paint = what < 0.5 ? floor_paint() : what < 1.5 ? wall_paint() : thing_paint();
    vec3 lit = ambient + light * max(dot(normalize(facing), sun), 0.25);
    colour = vec4(shown(paint * lit), 1.0);
}
